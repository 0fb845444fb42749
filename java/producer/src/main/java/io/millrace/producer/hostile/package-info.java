/** A second sender whose messages no pipeline wants and every pipeline meets. */
package io.millrace.producer.hostile;
