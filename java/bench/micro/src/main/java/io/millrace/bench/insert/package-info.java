/** The job's inserts beside inserts of ready bytes, in a process of their own. */
package io.millrace.bench.insert;
