/** How the streaming job's cost per message depends on what it is given. */
package io.millrace.bench.scaling;
