output "role_arns" {
  description = "Role ARN by service account: cluster-autoscaler, ebs-csi, external-secrets, flink."
  value       = { for name, role in aws_iam_role.service_account : name => role.arn }

  # A pod that starts with a role without its policy fails until it is restarted.
  depends_on = [
    aws_iam_role_policy.service_account,
    aws_iam_role_policy_attachment.ebs_csi,
  ]
}

output "image_push_role_arn" {
  description = "Role of GitHub Actions, null when there is none."
  value       = one(aws_iam_role.image_push[*].arn)
}
