locals {
  node_groups = yamldecode(file("${path.module}/${var.node_groups_file}"))

  node_group_fields = [
    "name", "instance_type", "min", "max", "desired", "zone", "root_gib", "spot_allowed", "local_storage", "labels", "taints",
  ]
}

module "node_groups" {
  source = "./modules/node-groups"

  cluster_name         = module.cluster.name
  kubernetes_version   = var.kubernetes_version
  subnets              = module.network.private_subnets
  node_groups          = local.node_groups
  spot                 = var.spot
  spot_stateful_groups = var.spot_stateful_groups
  ami_release_version  = var.ami_release_version
  tags                 = local.tags
}
