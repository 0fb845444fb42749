package io.millrace.platform.nodes;

import java.util.List;

/**
 * An EC2 instance type and what a Kubernetes node of it offers to pods.
 *
 * @param vcpu virtual CPUs
 * @param memoryMib nominal memory in MiB
 * @param nvmeGb instance-store disks, each in GB (10^9 bytes)
 * @param enis network interfaces
 * @param addressesPerEni IPv4 addresses of each
 * @param networkGbps baseline bandwidth in Gbit/s
 * @param usdPerHour on-demand price
 */
public record InstanceType(
    int vcpu,
    int memoryMib,
    List<Integer> nvmeGb,
    int enis,
    int addressesPerEni,
    double networkGbps,
    double usdPerHour) {
  /** kubelet's hard eviction threshold on EKS nodes. */
  private static final int EVICTION_MIB = 100;

  /** The kernel keeps some of the nominal memory: Karpenter's default of 7.5 %. */
  private static final double VM_OVERHEAD = 0.075;

  private static final int[] CORE_RANGE_ENDS = {1000, 2000, 4000, Integer.MAX_VALUE};
  private static final int[] RESERVED_PER_10000 = {600, 100, 50, 25};

  public InstanceType {
    nvmeGb = List.copyOf(nvmeGb);
  }

  /**
   * CPU that pods can have, in millicores: all less kube-reserved, which is 6 % of the first core,
   * 1 % of the second, 0.5 % of the next two and 0.25 % of the rest (amazon-eks-ami, nodeadm).
   */
  public int allocatableCpuMilli() {
    int total = 1000 * vcpu;
    int reserved = 0;
    int start = 0;
    for (int i = 0; i < CORE_RANGE_ENDS.length && start < total; i++) {
      int end = Math.min(total, CORE_RANGE_ENDS[i]);
      reserved += (end - start) * RESERVED_PER_10000[i] / 10000;
      start = end;
    }
    return total - reserved;
  }

  /**
   * Memory that pods can have, in MiB, on the safe side: what the kernel reports, less
   * kube-reserved (255 + 11 per pod address) and the eviction threshold (amazon-eks-ami, nodeadm).
   */
  public int allocatableMemoryMib() {
    return (int) (memoryMib * (1 - VM_OVERHEAD)) - (255 + 11 * podAddresses()) - EVICTION_MIB;
  }

  /** The most pods on a managed node group's node: EKS caps the address formula by size. */
  public int maxPods() {
    return Math.min(podAddresses(), vcpu < 30 ? 110 : 250);
  }

  private int podAddresses() {
    return enis * (addressesPerEni - 1) + 2;
  }
}
