/**
 * The same job on the released Flink connector for Pulsar, which loses messages when it recovers.
 * It exists to show that the chaos runs and their audit find a loss where there is one; nothing
 * else uses it.
 */
package io.millrace.connector;
