/** What a message costs step by step, as JMH measures it in a process of its own. */
package io.millrace.bench.hotpath;
