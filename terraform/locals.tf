locals {
  tags = {
    Project   = "millrace"
    Cluster   = var.cluster_name
    ManagedBy = "terraform"
  }

  images = ["flink-job", "producer", "tools"]
}
