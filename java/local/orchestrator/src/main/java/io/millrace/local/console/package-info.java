/** The web page that shows a run while it goes on. */
package io.millrace.local.console;
