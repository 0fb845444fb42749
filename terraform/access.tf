locals {
  secret_prefix = "millrace/${var.cluster_name}"
}

module "secrets" {
  source = "./modules/secrets"

  providers = {
    aws = aws.secrets
  }

  prefix           = local.secret_prefix
  passwords        = var.passwords
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
  secret_prefix          = local.secret_prefix
  github_repository      = var.github_repository
  github_repository_ids  = var.github_repository_ids
  repository_names       = keys(module.registry.repository_urls)
}
