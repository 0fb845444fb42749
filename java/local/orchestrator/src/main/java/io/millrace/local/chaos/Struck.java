package io.millrace.local.chaos;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A fault that the pipeline has borne.
 *
 * @param fault its label
 * @param atS when it struck, in seconds after the load began
 * @param recoveredS seconds until the job ran again, had completed a checkpoint that began after
 *     the fault, and caught up with the stream
 */
public record Struck(
    String fault,
    @JsonProperty("at_s") double atS,
    @JsonProperty("recovered_s") double recoveredS) {}
