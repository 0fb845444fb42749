module "cluster" {
  source = "./modules/cluster"

  name               = var.cluster_name
  kubernetes_version = var.kubernetes_version
  subnet_ids         = values(module.network.private_subnets)[*].id
  api_allowed_cidrs  = var.api_allowed_cidrs
  admin_role_arns    = var.admin_role_arns
  log_retention_days = var.log_retention_days
  addon_versions     = var.addon_versions
}

locals {
  # The shared nodes, so that the workloads' own keep their measured capacity.
  add_on_placement = { nodeSelector = { workload = "general" } }
}

# These two become active only on running nodes.
resource "aws_eks_addon" "coredns" {
  cluster_name                = module.cluster.name
  addon_name                  = "coredns"
  addon_version               = lookup(var.addon_versions, "coredns", null)
  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"
  configuration_values        = jsonencode(local.add_on_placement)

  depends_on = [module.node_groups]
}

resource "aws_eks_addon" "ebs_csi" {
  cluster_name                = module.cluster.name
  addon_name                  = "aws-ebs-csi-driver"
  addon_version               = lookup(var.addon_versions, "aws-ebs-csi-driver", null)
  service_account_role_arn    = module.access.role_arns["ebs-csi"]
  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"
  configuration_values        = jsonencode({ controller = local.add_on_placement })

  depends_on = [module.node_groups]
}
