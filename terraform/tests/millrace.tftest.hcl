mock_provider "aws" {
  source = "./tests/mocks"
}

# Makes no call: there are no passwords here. The apply against an AWS emulator covers them.
provider "aws" {
  alias      = "secrets"
  region     = "us-west-2"
  access_key = "none"
  secret_key = "none"

  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

variables {
  account_id        = "123456789012"
  admin_role_arns   = ["arn:aws:iam::123456789012:role/admin"]
  api_allowed_cidrs = ["203.0.113.0/24"]
  passwords         = {}
}

run "plan" {
  command = plan

  assert {
    condition     = length(output.node_groups) == 9
    error_message = "node-groups.yaml must describe the nine groups."
  }
}

run "apply" {
  assert {
    condition     = output.gitops.flink_state_bucket == "bench-low-infra-flink-state-123456789012"
    error_message = "The state bucket must have the cluster's and the account's name."
  }

  assert {
    condition = output.gitops == {
      account_id                  = "123456789012"
      region                      = "us-west-2"
      cluster_name                = "bench-low-infra"
      vpc_cidr                    = "10.1.0.0/16"
      ecr_registry                = "123456789012.dkr.ecr.us-west-2.amazonaws.com"
      flink_state_bucket          = "bench-low-infra-flink-state-123456789012"
      flink_role_arn              = "arn:aws:iam::123456789012:role/bench-low-infra-flink"
      cluster_autoscaler_role_arn = "arn:aws:iam::123456789012:role/bench-low-infra-cluster-autoscaler"
      external_secrets_role_arn   = "arn:aws:iam::123456789012:role/bench-low-infra-external-secrets"
    }
    error_message = "The gitops output must have every value that cluster.yaml takes, and no other."
  }

  assert {
    condition     = keys(output.repository_urls) == ["bench-low-infra-flink-job", "bench-low-infra-producer", "bench-low-infra-tools"]
    error_message = "There must be a repository for each image."
  }

  assert {
    condition     = aws_eks_addon.coredns.addon_name == "coredns" && aws_eks_addon.ebs_csi.addon_name == "aws-ebs-csi-driver"
    error_message = "CoreDNS and the EBS CSI driver must be installed."
  }

  assert {
    condition     = aws_eks_addon.ebs_csi.service_account_role_arn == "arn:aws:iam::123456789012:role/bench-low-infra-ebs-csi"
    error_message = "The EBS CSI driver must have its own role."
  }

  assert {
    condition = anytrue([
      for group in local.node_groups :
      length(group.taints) == 0 && alltrue([for key, value in local.add_on_placement.nodeSelector : try(group.labels[key], null) == value])
    ])
    error_message = "The add-ons' node selector must match an untainted node group."
  }
}

run "another_account_id_is_refused" {
  command = plan

  variables {
    account_id = "1234"
  }

  expect_failures = [var.account_id]
}

run "an_unknown_add_on_is_refused" {
  command = plan

  variables {
    addon_versions = { cordns = "v1" }
  }

  expect_failures = [var.addon_versions]
}

run "an_unknown_field_of_a_group_is_refused" {
  command = plan

  variables {
    node_groups_file = "tests/disk-size.yaml"
  }

  expect_failures = [var.node_groups_file]
}
