/**
 * The metrics that Millrace's own programs publish, each defined once: name, kind, unit, meaning.
 *
 * @see <a href="https://prometheus.io/docs/practices/naming/">Prometheus: metric and label
 *     naming</a>
 */
package io.millrace.metrics;
