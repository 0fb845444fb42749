mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  cluster_name           = "test"
  account_id             = "123456789012"
  region                 = "us-west-2"
  oidc_provider_arn      = "arn:aws:iam::123456789012:oidc-provider/oidc.eks.us-west-2.amazonaws.com/id/X"
  oidc_issuer            = "oidc.eks.us-west-2.amazonaws.com/id/X"
  flink_state_bucket_arn = "arn:aws:s3:::test-flink-state-123456789012"
  secret_prefix          = "millrace/test"
  repository_names       = ["test-producer", "test-flink-job"]
}

run "service_accounts" {
  module {
    source = "./modules/access"
  }

  assert {
    condition = { for name, role in aws_iam_role.service_account : name => jsondecode(role.assume_role_policy).Statement } == {
      for name, subject in {
        cluster-autoscaler = "system:serviceaccount:kube-system:cluster-autoscaler"
        ebs-csi            = "system:serviceaccount:kube-system:ebs-csi-controller-sa"
        external-secrets   = "system:serviceaccount:external-secrets:external-secrets"
        flink              = "system:serviceaccount:flink-benchmark:iot-flink-job"
        } : name => [{
          Effect    = "Allow"
          Principal = { Federated = "arn:aws:iam::123456789012:oidc-provider/oidc.eks.us-west-2.amazonaws.com/id/X" }
          Action    = "sts:AssumeRoleWithWebIdentity"
          Condition = {
            StringEquals = {
              "oidc.eks.us-west-2.amazonaws.com/id/X:aud" = "sts.amazonaws.com"
              "oidc.eks.us-west-2.amazonaws.com/id/X:sub" = subject
            }
          }
      }]
    }
    error_message = "A role may be taken by its one service account of this cluster and by nobody else."
  }

  assert {
    condition     = output.role_arns == { for name in ["cluster-autoscaler", "ebs-csi", "external-secrets", "flink"] : name => "arn:aws:iam::123456789012:role/test-${name}" }
    error_message = "Role names must begin with the cluster's: two clusters may share an account."
  }

  assert {
    condition     = output.service_accounts["flink-benchmark/iot-flink-job"] == output.role_arns["flink"] && length(output.service_accounts) == 4
    error_message = "The outputs must say which service account takes which role."
  }

  assert {
    condition     = toset(flatten([for statement in jsondecode(aws_iam_role_policy.service_account["flink"].policy).Statement : statement.Resource])) == toset(["arn:aws:s3:::test-flink-state-123456789012", "arn:aws:s3:::test-flink-state-123456789012/*"])
    error_message = "Flink may reach its state bucket and nothing else."
  }

  assert {
    condition = alltrue(flatten([
      for policy in aws_iam_role_policy.service_account : [
        for action in flatten([for statement in jsondecode(policy.policy).Statement : statement.Action]) : !strcontains(action, "*")
      ]
    ]))
    error_message = "Policies must name their actions: no wildcards."
  }

  assert {
    condition = alltrue(flatten([
      for name, policy in aws_iam_role_policy.service_account : [
        for statement in jsondecode(policy.policy).Statement : name == "cluster-autoscaler" && alltrue([for action in flatten([statement.Action]) : can(regex(":(Describe|Get)", action))])
        if statement.Resource == "*"
      ]
    ]))
    error_message = "Only the autoscaler's looking may be unlimited."
  }

  assert {
    condition = [
      for statement in jsondecode(aws_iam_role_policy.service_account["cluster-autoscaler"].policy).Statement : statement.Condition
      if contains(flatten([statement.Action]), "autoscaling:SetDesiredCapacity")
    ] == [{ StringEquals = { "aws:ResourceTag/k8s.io/cluster-autoscaler/test" = "owned" } }]
    error_message = "The autoscaler may change this cluster's groups only."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.service_account["external-secrets"].policy).Statement[*].Resource == ["arn:aws:secretsmanager:us-west-2:123456789012:secret:millrace/test/*"]
    error_message = "External Secrets may read this cluster's secrets only."
  }

  assert {
    condition     = aws_iam_role_policy_attachment.ebs_csi.policy_arn == "arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy"
    error_message = "The EBS CSI driver needs its policy."
  }

  assert {
    condition     = output.image_push_role_arn == null && length(aws_iam_role_policy.image_push) == 0
    error_message = "Without a GitHub repository nobody may push from GitHub."
  }
}

run "image_push" {
  module {
    source = "./modules/access"
  }

  variables {
    github_repository = "somebody/millrace"
  }

  assert {
    condition = jsondecode(aws_iam_role.image_push[0].assume_role_policy).Statement[*].Condition == [{
      StringEquals = {
        "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
        "token.actions.githubusercontent.com:sub" = "repo:somebody/millrace:ref:refs/heads/main"
      }
    }]
    error_message = "Only the main branch of the repository may take the role."
  }

  assert {
    condition = [
      for statement in jsondecode(aws_iam_role_policy.image_push[0].policy).Statement : statement.Resource
      if contains(flatten([statement.Action]), "ecr:PutImage")
    ] == [["arn:aws:ecr:us-west-2:123456789012:repository/test-flink-job", "arn:aws:ecr:us-west-2:123456789012:repository/test-producer"]]
    error_message = "GitHub may push to our repositories only."
  }
}

run "image_push_from_a_repository_of_2026" {
  module {
    source = "./modules/access"
  }

  variables {
    github_repository     = "somebody/millrace"
    github_repository_ids = { owner = 123456, repository = 789012 }
  }

  assert {
    condition     = jsondecode(aws_iam_role.image_push[0].assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:sub"] == "repo:somebody@123456/millrace@789012:ref:refs/heads/main"
    error_message = "GitHub names repositories of after 15 July 2026 with their ids; the role must trust exactly that."
  }

  assert {
    condition     = output.github_subject == "repo:somebody@123456/millrace@789012"
    error_message = "The output must say what the roles of the other workflows have to trust."
  }
}

run "ids_without_a_repository_are_refused" {
  command = plan

  module {
    source = "./modules/access"
  }

  variables {
    github_repository_ids = { owner = 123456, repository = 789012 }
  }

  expect_failures = [var.github_repository_ids]
}

run "an_id_that_is_none_is_refused" {
  command = plan

  module {
    source = "./modules/access"
  }

  variables {
    github_repository     = "somebody/millrace"
    github_repository_ids = { owner = 0, repository = 1.5 }
  }

  expect_failures = [var.github_repository_ids]
}

run "an_issuer_with_a_scheme_is_refused" {
  command = plan

  module {
    source = "./modules/access"
  }

  variables {
    oidc_issuer = "https://oidc.eks.us-west-2.amazonaws.com/id/X"
  }

  expect_failures = [var.oidc_issuer]
}

run "a_repository_without_owner_is_refused" {
  command = plan

  module {
    source = "./modules/access"
  }

  variables {
    github_repository = "millrace"
  }

  expect_failures = [var.github_repository]
}
