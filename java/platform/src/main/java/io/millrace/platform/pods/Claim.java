package io.millrace.platform.pods;

/**
 * One persistent volume of a pod.
 *
 * @param name the claim template's or claim's name
 * @param storageClass its class; empty for the cluster's default
 * @param gib requested size in GiB
 * @param local whether the class has no provisioner: the volume is a whole disk of the pod's node
 */
public record Claim(String name, String storageClass, long gib, boolean local) {}
