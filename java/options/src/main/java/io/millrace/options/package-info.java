/** How every program reads what people type. */
package io.millrace.options;
