/** The command line of the audit. */
package io.millrace.audit.command;
