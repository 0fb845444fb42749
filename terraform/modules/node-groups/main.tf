locals {
  groups = { for group in var.node_groups : group.name => group }

  # nodeadm formats a new disk, mounts disk N at /mnt/k8s-disks/N and leaves one that has a file system as it is.
  # EKS appends its own part to this message.
  local_storage_user_data = <<-EOT
    MIME-Version: 1.0
    Content-Type: multipart/mixed; boundary="MILLRACE"

    --MILLRACE
    Content-Type: application/node.eks.aws

    apiVersion: node.eks.aws/v1alpha1
    kind: NodeConfig
    spec:
      instance:
        localStorage:
          strategy: Mount

    --MILLRACE--
  EOT
}

resource "aws_iam_role" "node" {
  name = "${var.cluster_name}-node"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ec2.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy_attachment" "node" {
  for_each = toset([
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonEKS_CNI_Policy",
    "AmazonEKSWorkerNodePolicy",
    "AmazonSSMManagedInstanceCore",
  ])

  role       = aws_iam_role.node.name
  policy_arn = "arn:aws:iam::aws:policy/${each.value}"
}

# Without security groups of its own a template gets the cluster's: nodes reach each other, nobody else reaches them.
resource "aws_launch_template" "this" {
  for_each = local.groups

  name                   = "${var.cluster_name}-${each.key}"
  update_default_version = true
  user_data              = each.value.local_storage.mode == "mount" ? base64encode(local.local_storage_user_data) : null

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      volume_type           = "gp3"
      volume_size           = each.value.root_gib
      encrypted             = true
      delete_on_termination = true
    }
  }

  # One hop: a pod cannot take the node's role.
  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  dynamic "tag_specifications" {
    for_each = ["instance", "volume"]

    content {
      resource_type = tag_specifications.value
      tags          = merge(var.tags, { Name = "${var.cluster_name}-${each.key}" })
    }
  }

  lifecycle {
    precondition {
      condition     = length(local.problems[each.key]) == 0
      error_message = join("\n", [for problem in local.problems[each.key] : "Node group ${each.key}: ${problem}"])
    }
  }
}

resource "aws_eks_node_group" "this" {
  for_each = local.groups

  cluster_name    = var.cluster_name
  node_group_name = each.key
  node_role_arn   = aws_iam_role.node.arn
  subnet_ids      = [var.subnets[each.value.zone].id]
  ami_type        = "AL2023_x86_64_STANDARD"
  version         = var.kubernetes_version
  release_version = var.ami_release_version
  capacity_type   = var.spot && (each.value.spot_allowed || contains(var.spot_stateful_groups, each.key)) ? "SPOT" : "ON_DEMAND"
  instance_types  = [each.value.instance_type]
  labels          = each.value.labels

  scaling_config {
    min_size     = each.value.min
    max_size     = each.value.max
    desired_size = each.value.desired
  }

  # A replaced node loses its local disks: never two at a time, and PodDisruptionBudgets are not overridden.
  update_config {
    max_unavailable = 1
  }

  force_update_version = false

  launch_template {
    id      = aws_launch_template.this[each.key].id
    version = aws_launch_template.this[each.key].latest_version
  }

  dynamic "taint" {
    for_each = each.value.taints

    content {
      key    = taint.value.key
      value  = taint.value.value
      effect = taint.value.effect
    }
  }

  # The autoscaler's from the first apply on.
  lifecycle {
    ignore_changes = [scaling_config[0].desired_size]
  }

  depends_on = [aws_iam_role_policy_attachment.node]
}
