# What `terraform validate` and the EKS API find late or not at all. Preconditions report it before anything is built.
locals {
  reserved_label_domain = "(^|\\.)(kubernetes\\.io|k8s\\.io|eks\\.amazonaws\\.com)$"
  label_name            = "^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
  taint_effects         = ["NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE"]

  problems = {
    for name, group in local.groups : name => concat(
      can(regex("^[a-z][a-z0-9-]{1,39}$", name)) ? [] : ["the name must be 2 to 40 lower-case letters, digits and hyphens."],

      contains(keys(local.instance_types), group.instance_type) ? [] : ["nothing is known of the instance type ${group.instance_type}; add it to instance-types.tf."],

      1 <= group.min && group.min <= group.desired && group.desired <= group.max && alltrue([for size in [group.min, group.desired, group.max] : floor(size) == size])
      ? [] : ["min ${group.min}, desired ${group.desired}, max ${group.max} must be whole numbers with 1 <= min <= desired <= max."],

      contains(keys(var.subnets), group.zone) ? [] : ["zone ${group.zone} has no private subnet; there are ${join(", ", keys(var.subnets))}."],

      [
        for key in keys(group.labels) : "the label ${key} has a prefix reserved for Kubernetes or EKS, which CreateNodegroup or the kubelet refuses; use a key of your own, such as workload."
        if can(regex(local.reserved_label_domain, length(split("/", key)) > 1 ? split("/", key)[0] : ""))
      ],
      [
        for key, value in group.labels : "${key}=${value} is not a label: key and value have at most 63 letters, digits, hyphens, underscores and dots."
        if !can(regex(local.label_name, reverse(split("/", key))[0])) || !can(regex(local.label_name, value))
      ],
      [
        for taint in group.taints : "the taint effect ${taint.effect} must be ${join(", ", local.taint_effects)}, as EKS spells them."
        if !contains(local.taint_effects, taint.effect)
      ],

      20 <= group.root_gib && group.root_gib <= 16384 && floor(group.root_gib) == group.root_gib
      ? [] : ["root_gib ${group.root_gib} must be a whole number from 20 (the system image) to 16384 (the largest gp3 volume)."],

      contains(["none", "mount"], group.local_storage.mode) ? [] : ["local_storage mode ${group.local_storage.mode} must be none or mount."],

      group.local_storage.disks == (group.local_storage.mode == "mount" ? try(local.instance_types[group.instance_type].disks, group.local_storage.disks) : 0)
      && (group.local_storage.mode != "mount" || group.local_storage.disks > 0)
      ? [] : ["local_storage mode ${group.local_storage.mode} with ${group.local_storage.disks} disks does not fit ${group.instance_type}, which has ${try(local.instance_types[group.instance_type].disks, 0)}."],
    )
  }

  # The VPC CNI takes addresses by whole interfaces: those that its pods need and a warm one.
  # One node more for each group: an update adds the new node before it removes the old one.
  addresses = {
    for zone in keys(var.subnets) : zone => sum(concat([0], [
      for group in var.node_groups : (group.max + 1) * local.node_addresses[group.instance_type]
      if group.zone == zone && contains(keys(local.instance_types), group.instance_type)
    ]))
  }

  node_addresses = {
    for name, type in local.instance_types : name =>
    type.addresses * min(type.interfaces, ceil(var.pods_per_node / (type.addresses - 1)) + 1)
  }

  # AWS keeps five addresses of every subnet.
  available_addresses = { for zone, subnet in var.subnets : zone => pow(2, 32 - tonumber(split("/", subnet.cidr)[1])) - 5 }
}
