/** Asks every panel of the dashboards and every alert of a pipeline that runs. */
package io.millrace.local.panels;
