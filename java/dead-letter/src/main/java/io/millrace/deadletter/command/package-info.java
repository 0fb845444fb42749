/** {@code millrace dead-letter}. */
package io.millrace.deadletter.command;
