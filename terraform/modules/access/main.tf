# One role for each Kubernetes service account that calls AWS; nothing is allowed to the nodes for them.
locals {
  service_accounts = {
    flink              = { namespace = "flink-benchmark", name = "iot-flink-job" }
    ebs-csi            = { namespace = "kube-system", name = "ebs-csi-controller-sa" }
    cluster-autoscaler = { namespace = "kube-system", name = "cluster-autoscaler" }
    external-secrets   = { namespace = "external-secrets", name = "external-secrets" }
  }

  policies = {
    flink              = local.flink_policy
    cluster-autoscaler = local.cluster_autoscaler_policy
    external-secrets   = local.external_secrets_policy
  }

  flink_policy = {
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "ListState"
        Effect   = "Allow"
        Action   = ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"]
        Resource = var.flink_state_bucket_arn
      },
      {
        Sid      = "ReadAndWriteState"
        Effect   = "Allow"
        Action   = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"]
        Resource = "${var.flink_state_bucket_arn}/*"
      },
    ]
  }

  cluster_autoscaler_policy = {
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "Look"
        Effect = "Allow"
        Action = [
          "autoscaling:DescribeAutoScalingGroups",
          "autoscaling:DescribeAutoScalingInstances",
          "autoscaling:DescribeLaunchConfigurations",
          "autoscaling:DescribeScalingActivities",
          "ec2:DescribeImages",
          "ec2:DescribeInstanceTypes",
          "ec2:DescribeLaunchTemplateVersions",
          "ec2:GetInstanceTypesFromInstanceRequirements",
        ]
        # these actions know no resource
        Resource = "*"
      },
      {
        Sid      = "LookAtNodeGroups"
        Effect   = "Allow"
        Action   = "eks:DescribeNodegroup"
        Resource = "arn:aws:eks:${var.region}:${var.account_id}:nodegroup/${var.cluster_name}/*"
      },
      {
        Sid       = "ScaleThisCluster"
        Effect    = "Allow"
        Action    = ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"]
        Resource  = "arn:aws:autoscaling:${var.region}:${var.account_id}:autoScalingGroup:*"
        Condition = { StringEquals = { "aws:ResourceTag/k8s.io/cluster-autoscaler/${var.cluster_name}" = "owned" } }
      },
    ]
  }

  external_secrets_policy = {
    Version = "2012-10-17"
    Statement = [{
      Sid      = "ReadThisClustersSecrets"
      Effect   = "Allow"
      Action   = ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"]
      Resource = "arn:aws:secretsmanager:${var.region}:${var.account_id}:secret:${var.secret_prefix}/*"
    }]
  }
}

resource "aws_iam_role" "service_account" {
  for_each = local.service_accounts

  name        = "${var.cluster_name}-${each.key}"
  description = "Service account ${each.value.namespace}/${each.value.name}"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = var.oidc_provider_arn }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        StringEquals = {
          "${var.oidc_issuer}:aud" = "sts.amazonaws.com"
          "${var.oidc_issuer}:sub" = "system:serviceaccount:${each.value.namespace}:${each.value.name}"
        }
      }
    }]
  })
}

resource "aws_iam_role_policy" "service_account" {
  for_each = local.policies

  name   = each.key
  role   = aws_iam_role.service_account[each.key].name
  policy = jsonencode(each.value)
}

resource "aws_iam_role_policy_attachment" "ebs_csi" {
  role       = aws_iam_role.service_account["ebs-csi"].name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy"
}
