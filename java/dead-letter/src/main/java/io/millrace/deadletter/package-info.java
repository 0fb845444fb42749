/** Dead letters: reading them, and putting repaired ones back, each once. */
package io.millrace.deadletter;
