module "network" {
  source = "./modules/network"

  name     = var.cluster_name
  region   = var.region
  vpc_cidr = var.vpc_cidr
  zones    = var.zones
}
