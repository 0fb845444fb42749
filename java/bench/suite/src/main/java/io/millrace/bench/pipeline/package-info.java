/** The highest rate that the whole pipeline holds. */
package io.millrace.bench.pipeline;
