output "gitops" {
  description = "What clusters/<name>/account/cluster.yaml takes from here, key by key. No secret."
  value = merge(
    {
      account_id                  = var.account_id
      region                      = var.region
      cluster_name                = module.cluster.name
      vpc_cidr                    = var.vpc_cidr
      ecr_registry                = "${var.account_id}.dkr.ecr.${var.region}.amazonaws.com"
      flink_state_bucket          = module.storage.bucket_name
      flink_role_arn              = module.access.role_arns["flink"]
      cluster_autoscaler_role_arn = module.access.role_arns["cluster-autoscaler"]
      external_secrets_role_arn   = module.access.role_arns["external-secrets"]
    },
    { for key, name in module.secrets.names : "secret_${key}" => name },
  )
}

output "secrets" {
  description = "Properties of each generated secret, by its name in Secrets Manager."
  value       = { for key, name in module.secrets.names : name => var.passwords[key] }
}

output "service_accounts" {
  description = "Role ARN by Kubernetes service account (namespace/name)."
  value       = module.access.service_accounts
}

output "cluster_name" {
  description = "Name of the EKS cluster."
  value       = module.cluster.name
}

output "cluster_endpoint" {
  description = "URL of the Kubernetes API."
  value       = module.cluster.endpoint
}

output "cluster_certificate_authority" {
  description = "Certificate authority of the Kubernetes API, base64."
  value       = module.cluster.certificate_authority
}

output "oidc_provider_arn" {
  description = "ARN of the cluster's IAM OpenID Connect provider."
  value       = module.cluster.oidc_provider_arn
}

output "vpc_id" {
  description = "Id of the VPC."
  value       = module.network.vpc_id
}

output "nat_public_ip" {
  description = "Address from which the nodes reach the internet."
  value       = module.network.nat_public_ip
}

output "repository_urls" {
  description = "Image repository URL by name."
  value       = module.registry.repository_urls
}

output "image_push_role_arn" {
  description = "Role of GitHub Actions for pushing images, null when github_repository is not set."
  value       = module.access.image_push_role_arn
}

output "github_subject" {
  description = "What the subject of every token of GitHub Actions begins with: roles for its other workflows trust this and what follows it. Null when github_repository is not set."
  value       = module.access.github_subject
}

output "node_groups" {
  description = "Names of the node groups."
  value       = module.node_groups.names
}
