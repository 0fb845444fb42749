module "secrets" {
  source = "./modules/secrets"

  providers = {
    aws = aws.secrets
  }

  names            = [for password in var.passwords : "${var.cluster_name}/${password}"]
  password_version = var.password_version
}

module "access" {
  source = "./modules/access"

  cluster_name           = var.cluster_name
  account_id             = var.account_id
  region                 = var.region
  oidc_provider_arn      = module.cluster.oidc_provider_arn
  oidc_issuer            = module.cluster.oidc_issuer
  flink_state_bucket_arn = module.storage.bucket_arn
  github_repository      = var.github_repository
  repository_names       = keys(module.registry.repository_urls)
}
