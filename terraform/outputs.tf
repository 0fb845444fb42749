output "gitops" {
  description = "What clusters/<name>/cluster.yaml takes from this account, key by key. No secret."
  value = {
    accountId                = var.account_id
    region                   = var.region
    clusterName              = module.cluster.name
    podCidr                  = var.vpc_cidr
    registry                 = "${var.account_id}.dkr.ecr.${var.region}.amazonaws.com"
    flinkStateBucket         = module.storage.bucket_name
    flinkRoleArn             = module.access.role_arns["flink"]
    clusterAutoscalerRoleArn = module.access.role_arns["cluster-autoscaler"]
    externalSecretsRoleArn   = module.access.role_arns["external-secrets"]
  }
}

output "secret_names" {
  description = "Secrets Manager names of the generated passwords, for External Secrets."
  value       = module.secrets.names
}

output "service_accounts" {
  description = "Kubernetes service account (namespace/name) that may take each role."
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

output "node_groups" {
  description = "Names of the node groups."
  value       = module.node_groups.names
}
