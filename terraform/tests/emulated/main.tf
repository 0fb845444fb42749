# What a local AWS emulator serves as AWS does, built for real. EKS and its nodes are not among it.
terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100.0, < 7.0.0"
    }
  }
}

variable "endpoint" {
  description = "URL of the emulator."
  type        = string
}

locals {
  name       = "emulated"
  account_id = "123456789012"
  region     = "us-west-2"
}

provider "aws" {
  region     = local.region
  access_key = "none"
  secret_key = "none"

  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true

  endpoints {
    ec2            = var.endpoint
    ecr            = var.endpoint
    iam            = var.endpoint
    s3             = var.endpoint
    secretsmanager = var.endpoint
    sts            = var.endpoint
  }
}

module "network" {
  source = "../../modules/network"

  name     = local.name
  region   = local.region
  vpc_cidr = "10.1.0.0/16"
  zones = {
    a = { private_cidr = "10.1.0.0/20", public_cidr = "10.1.101.0/24" }
    b = { private_cidr = "10.1.16.0/20", public_cidr = "10.1.102.0/24" }
  }
}

module "storage" {
  source = "../../modules/storage"

  bucket_name = "${local.name}-flink-state-${local.account_id}"
}

module "registry" {
  source = "../../modules/registry"

  repository_names = ["${local.name}-producer"]
}

module "secrets" {
  source = "../../modules/secrets"

  prefix    = "millrace/${local.name}"
  passwords = { clickhouse = ["flink", "reader"], grafana = ["admin-password"] }
}

module "access" {
  source = "../../modules/access"

  cluster_name           = local.name
  account_id             = local.account_id
  region                 = local.region
  oidc_provider_arn      = "arn:aws:iam::${local.account_id}:oidc-provider/oidc.eks.${local.region}.amazonaws.com/id/EMULATED"
  oidc_issuer            = "oidc.eks.${local.region}.amazonaws.com/id/EMULATED"
  flink_state_bucket_arn = module.storage.bucket_arn
  secret_prefix          = "millrace/${local.name}"
  github_repository      = "somebody/millrace"
  repository_names       = keys(module.registry.repository_urls)
}
