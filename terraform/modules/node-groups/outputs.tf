output "names" {
  description = "Names of the node groups, known once their nodes are ready."
  value       = sort([for group in aws_eks_node_group.this : group.node_group_name])
}

output "addresses" {
  description = "VPC addresses that the groups take at their maxima, by zone letter."
  value       = local.addresses

  precondition {
    condition = alltrue([for zone, needed in local.addresses : needed <= local.available_addresses[zone]])
    error_message = join("\n", [
      for zone, needed in local.addresses :
      "The private subnet ${var.subnets[zone].cidr} of zone ${zone} has ${local.available_addresses[zone]} addresses; its node groups need ${needed} at their maxima."
      if needed > local.available_addresses[zone]
    ])
  }
}
