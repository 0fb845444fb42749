module "registry" {
  source = "./modules/registry"

  repository_names = [for image in local.images : "${var.cluster_name}-${image}"]
  force_delete     = var.destroy_data
}
