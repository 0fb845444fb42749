variable "cluster_name" {
  description = "Name of the EKS cluster."
  type        = string
}

variable "kubernetes_version" {
  description = "Kubernetes version of the nodes: the cluster's."
  type        = string
}

variable "tags" {
  description = "Tags of the instances and their volumes; the provider's default tags do not reach them."
  type        = map(string)
  default     = {}
}

variable "subnets" {
  description = "Private subnets by zone letter."
  type        = map(object({ id = string, cidr = string }))
}

variable "node_groups" {
  description = "The node groups, as terraform/node-groups.yaml describes them. checks.tf says what is refused."
  type = list(object({
    name          = string
    instance_type = string
    min           = number
    max           = number
    desired       = number
    zone          = string
    root_gib      = number
    spot_allowed  = bool
    local_storage = object({ mode = string, disks = number })
    labels        = map(string)
    taints        = list(object({ key = string, value = string, effect = string }))
  }))

  validation {
    condition     = length(var.node_groups) > 0
    error_message = "There is no node group."
  }
}

variable "pods_per_node" {
  description = "Pods with an address of their own that a node is planned for; a smaller type stops at its own limit."
  type        = number
  default     = 29

  validation {
    condition     = var.pods_per_node >= 1
    error_message = "pods_per_node must be at least 1; got ${var.pods_per_node}."
  }
}

variable "spot" {
  description = "Whether the groups that allow it run on Spot instances."
  type        = bool
  default     = false
}

variable "spot_stateful_groups" {
  description = "Groups that do not allow Spot and use it all the same when spot is true."
  type        = set(string)
  default     = []

  validation {
    condition     = length(setsubtract(var.spot_stateful_groups, var.node_groups[*].name)) == 0
    error_message = "No such node groups: ${join(", ", setsubtract(var.spot_stateful_groups, var.node_groups[*].name))}."
  }
}

variable "ami_release_version" {
  description = "AMI release of every node, as in 1.35.0-20260715; null takes the newest when a group is created."
  type        = string
  default     = null

  validation {
    condition     = var.ami_release_version == null || startswith(coalesce(var.ami_release_version, "-"), "${var.kubernetes_version}.")
    error_message = "ami_release_version ${coalesce(var.ami_release_version, "null")} is not for Kubernetes ${var.kubernetes_version}."
  }
}
