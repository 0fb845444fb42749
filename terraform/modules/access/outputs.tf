output "role_arns" {
  description = "Role ARN by user: cluster-autoscaler, ebs-csi, external-secrets, flink."
  # from the names, so that a plan shows them
  value = { for name, role in aws_iam_role.service_account : name => "arn:aws:iam::${var.account_id}:role/${role.name}" }

  # A pod that starts with a role without its policy fails until it is restarted.
  depends_on = [
    aws_iam_role_policy.service_account,
    aws_iam_role_policy_attachment.ebs_csi,
  ]
}

output "service_accounts" {
  description = "Role ARN by Kubernetes service account (namespace/name)."
  value = {
    for name, account in local.service_accounts :
    "${account.namespace}/${account.name}" => "arn:aws:iam::${var.account_id}:role/${aws_iam_role.service_account[name].name}"
  }
}

output "github_subject" {
  description = "What the subject of every token of the GitHub repository begins with, null when there is no repository."
  value       = local.github_subject
}

output "image_push_role_arn" {
  description = "Role of GitHub Actions, null when there is none."
  value       = one(aws_iam_role.image_push[*].arn)
}
