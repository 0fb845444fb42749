mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name               = "test"
  kubernetes_version = "1.35"
  subnet_ids         = ["subnet-a", "subnet-b"]
  api_allowed_cidrs  = ["203.0.113.0/24"]
  admin_role_arns    = ["arn:aws:iam::123456789012:role/admin"]
  log_retention_days = 30
}

run "cluster" {
  module {
    source = "./modules/cluster"
  }

  assert {
    condition     = aws_eks_cluster.this.vpc_config[0].endpoint_private_access && aws_eks_cluster.this.vpc_config[0].endpoint_public_access
    error_message = "The API must be reached from the VPC and from outside."
  }

  assert {
    condition     = aws_eks_cluster.this.vpc_config[0].public_access_cidrs == toset(["203.0.113.0/24"])
    error_message = "Only the named ranges may reach the public endpoint."
  }

  assert {
    condition     = aws_eks_cluster.this.enabled_cluster_log_types == toset(["api", "audit"])
    error_message = "API and audit logs must be on."
  }

  assert {
    condition     = aws_cloudwatch_log_group.cluster.name == "/aws/eks/test/cluster" && aws_cloudwatch_log_group.cluster.retention_in_days == 30
    error_message = "EKS writes to /aws/eks/<name>/cluster; the group must exist with a retention."
  }

  assert {
    condition     = aws_eks_cluster.this.access_config[0].authentication_mode == "API" && !aws_eks_cluster.this.access_config[0].bootstrap_cluster_creator_admin_permissions
    error_message = "Access entries alone must decide who administers the cluster."
  }

  assert {
    condition     = aws_eks_access_policy_association.admin["arn:aws:iam::123456789012:role/admin"].policy_arn == "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
    error_message = "The named roles must administer the cluster."
  }

  assert {
    condition     = aws_eks_cluster.this.upgrade_policy[0].support_type == "STANDARD"
    error_message = "The cluster must not drift into extended support."
  }

  assert {
    condition     = aws_iam_openid_connect_provider.this.url == "https://oidc.eks.us-west-2.amazonaws.com/id/MOCKED" && aws_iam_openid_connect_provider.this.client_id_list == toset(["sts.amazonaws.com"])
    error_message = "The OpenID Connect provider must be the cluster's own issuer."
  }

  assert {
    condition     = output.oidc_issuer == "oidc.eks.us-west-2.amazonaws.com/id/MOCKED"
    error_message = "Trust policies need the issuer without https://."
  }

  assert {
    condition     = jsondecode(aws_eks_addon.vpc_cni.configuration_values) == { enableNetworkPolicy = "true" }
    error_message = "The VPC CNI must enforce NetworkPolicies."
  }
}

run "kubernetes_1_20_is_refused" {
  command = plan

  module {
    source = "./modules/cluster"
  }

  variables {
    kubernetes_version = "1.20"
  }

  expect_failures = [var.kubernetes_version]
}

run "a_patch_version_is_refused" {
  command = plan

  module {
    source = "./modules/cluster"
  }

  variables {
    kubernetes_version = "1.35.2"
  }

  expect_failures = [var.kubernetes_version]
}

run "the_specifications_1_31_is_accepted" {
  command = plan

  module {
    source = "./modules/cluster"
  }

  variables {
    kubernetes_version = "1.31"
  }

  assert {
    condition     = aws_eks_cluster.this.version == "1.31"
    error_message = "The cluster must have the version asked for."
  }
}

run "the_whole_internet_is_refused" {
  command = plan

  module {
    source = "./modules/cluster"
  }

  variables {
    api_allowed_cidrs = ["0.0.0.0/0"]
  }

  expect_failures = [var.api_allowed_cidrs]
}

run "no_range_is_refused" {
  command = plan

  module {
    source = "./modules/cluster"
  }

  variables {
    api_allowed_cidrs = []
  }

  expect_failures = [var.api_allowed_cidrs]
}

run "an_assumed_role_session_is_refused" {
  command = plan

  module {
    source = "./modules/cluster"
  }

  variables {
    admin_role_arns = ["arn:aws:sts::123456789012:assumed-role/admin/somebody"]
  }

  expect_failures = [var.admin_role_arns]
}

run "nobody_is_refused" {
  command = plan

  module {
    source = "./modules/cluster"
  }

  variables {
    admin_role_arns = []
  }

  expect_failures = [var.admin_role_arns]
}

run "an_odd_log_retention_is_refused" {
  command = plan

  module {
    source = "./modules/cluster"
  }

  variables {
    log_retention_days = 31
  }

  expect_failures = [var.log_retention_days]
}
