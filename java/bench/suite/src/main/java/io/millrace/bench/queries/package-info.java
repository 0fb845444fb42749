/** How long people wait for answers from a full table. */
package io.millrace.bench.queries;
