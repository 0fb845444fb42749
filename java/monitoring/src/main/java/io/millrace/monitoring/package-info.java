/** The Grafana dashboards, of which {@code dashboards/} holds the written form. */
package io.millrace.monitoring;
