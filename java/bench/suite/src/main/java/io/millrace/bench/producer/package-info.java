/** The producer beside the client's own batching. */
package io.millrace.bench.producer;
