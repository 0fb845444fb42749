/** What this job needs of the Pulsar client and the client keeps to its own package. */
package org.apache.pulsar.client.impl;
