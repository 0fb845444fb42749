locals {
  # what the subject of every token of the repository begins with; the numbers never pass to another owner or repository
  github_subject = var.github_repository == null ? null : var.github_repository_ids == null ? "repo:${var.github_repository}" : format(
    "repo:%s@%d/%s@%d",
    split("/", var.github_repository)[0],
    var.github_repository_ids.owner,
    split("/", var.github_repository)[1],
    var.github_repository_ids.repository,
  )
}

# GitHub Actions exchanges its token for this role, so that no key is stored there.
resource "aws_iam_role" "image_push" {
  count = var.github_repository == null ? 0 : 1

  name        = "${var.cluster_name}-image-push"
  description = "GitHub Actions of ${var.github_repository}, main branch"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = "arn:aws:iam::${var.account_id}:oidc-provider/token.actions.githubusercontent.com" }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        StringEquals = {
          "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
          "token.actions.githubusercontent.com:sub" = "${local.github_subject}:ref:refs/heads/main"
        }
      }
    }]
  })
}

resource "aws_iam_role_policy" "image_push" {
  count = length(aws_iam_role.image_push)

  name = "image-push"
  role = aws_iam_role.image_push[0].name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "LogIn"
        Effect = "Allow"
        Action = "ecr:GetAuthorizationToken"
        # the action knows no resource
        Resource = "*"
      },
      {
        Sid    = "Push"
        Effect = "Allow"
        Action = [
          "ecr:BatchCheckLayerAvailability",
          "ecr:BatchGetImage",
          "ecr:CompleteLayerUpload",
          "ecr:GetDownloadUrlForLayer",
          "ecr:InitiateLayerUpload",
          "ecr:PutImage",
          "ecr:UploadLayerPart",
        ]
        Resource = [for name in sort(var.repository_names) : "arn:aws:ecr:${var.region}:${var.account_id}:repository/${name}"]
      },
    ]
  })
}
