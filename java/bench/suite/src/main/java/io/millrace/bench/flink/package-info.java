/** The streaming job beside the usual job and a raw consumer, on one backlog. */
package io.millrace.bench.flink;
