variable "account_id" {
  description = "AWS account to build in; another account's credentials are refused."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id must be the 12 digits of an AWS account; got ${var.account_id}."
  }
}

variable "admin_role_arns" {
  description = "IAM roles that administer the cluster with kubectl. At least one: the cluster's creator has no special access."
  type        = set(string)
}

variable "api_allowed_cidrs" {
  description = "Address ranges that may reach the public Kubernetes API endpoint, such as your office or VPN."
  type        = list(string)
}

variable "region" {
  description = "AWS region."
  type        = string
  default     = "us-west-2"

  validation {
    condition     = can(regex("^[a-z]{2}-[a-z]+-[0-9]$", var.region)) && !startswith(var.region, "cn-")
    error_message = "region must be one of AWS's commercial regions (their ARNs begin with arn:aws:), such as us-west-2; got ${var.region}."
  }
}

variable "cluster_name" {
  description = "Name of the cluster and first part of every other name."
  type        = string
  default     = "bench-low-infra"
}

variable "kubernetes_version" {
  description = "Kubernetes version of the cluster and its nodes, 1.31 or newer."
  type        = string
  default     = "1.35"
}

variable "vpc_cidr" {
  description = "Address range of the VPC."
  type        = string
  default     = "10.1.0.0/16"
}

variable "zones" {
  description = "Subnets by the availability zone's last letter. The first zone holds the NAT gateway and should be the nodes'."
  type = map(object({
    private_cidr = string
    public_cidr  = string
  }))
  default = {
    a = { private_cidr = "10.1.0.0/20", public_cidr = "10.1.101.0/24" }
    b = { private_cidr = "10.1.16.0/20", public_cidr = "10.1.102.0/24" }
  }
}

variable "node_groups_file" {
  description = "YAML file that describes the node groups, relative to this folder."
  type        = string
  default     = "node-groups.yaml"

  # Terraform drops unknown attributes of typed objects without a word.
  validation {
    condition = alltrue([
      for group in yamldecode(file("${path.module}/${var.node_groups_file}")) : length(setsubtract(keys(group), local.node_group_fields)) == 0
    ])
    error_message = join("\n", [
      for group in yamldecode(file("${path.module}/${var.node_groups_file}")) :
      "Node group ${try(group.name, "without a name")}: unknown field ${join(", ", setsubtract(keys(group), local.node_group_fields))}; known are ${join(", ", local.node_group_fields)}. The root disk's size is root_gib: a group with a launch template cannot have disk_size."
      if length(setsubtract(keys(group), local.node_group_fields)) > 0
    ])
  }
}

variable "spot" {
  description = "Whether the node groups that allow it run on Spot instances."
  type        = bool
  default     = false
}

variable "spot_stateful_groups" {
  description = "Node groups that hold state or stand alone, do not allow Spot, and use it all the same when spot is true."
  type        = set(string)
  default     = []
}

variable "ami_release_version" {
  description = "AMI release of every node, as in 1.35.0-20260715; null takes the newest when a group is created and keeps it."
  type        = string
  default     = null
}

variable "addon_versions" {
  description = "Version by add-on (coredns, kube-proxy, vpc-cni, aws-ebs-csi-driver); an add-on not named gets EKS's default when it is created."
  type        = map(string)
  default     = {}

  validation {
    condition     = length(setsubtract(keys(var.addon_versions), ["coredns", "kube-proxy", "vpc-cni", "aws-ebs-csi-driver"])) == 0
    error_message = "addon_versions knows coredns, kube-proxy, vpc-cni and aws-ebs-csi-driver; got ${join(", ", keys(var.addon_versions))}."
  }
}

variable "log_retention_days" {
  description = "Days that the control plane's API and audit logs are kept."
  type        = number
  default     = 30
}

variable "passwords" {
  description = "Passwords to generate in Secrets Manager: the properties of each secret millrace/<cluster_name>/<name>."
  type        = map(set(string))
  default = {
    clickhouse = ["admin", "flink", "operator", "reader", "writer"]
    grafana    = ["admin-password"]
  }
}

variable "password_version" {
  description = "Raising it replaces every generated password."
  type        = number
  default     = 1
}

variable "github_repository" {
  description = "GitHub repository (owner/name) whose main branch may push images; null for none. The account must have GitHub's OpenID Connect provider."
  type        = string
  default     = null
}

variable "github_repository_ids" {
  description = "Numbers of that repository and of its owner: { owner = 1, repository = 2 }. Needed when it was made, renamed or transferred after 15 July 2026, since GitHub writes them into its tokens; null for an older one."
  type        = object({ owner = number, repository = number })
  default     = null
}

variable "destroy_data" {
  description = "Whether terraform destroy also deletes Flink's checkpoints and the images."
  type        = bool
  default     = false
}
