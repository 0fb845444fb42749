module "storage" {
  source = "./modules/storage"

  # bucket names are global: the account's number makes it ours
  bucket_name   = "${var.cluster_name}-flink-state-${var.account_id}"
  force_destroy = var.destroy_data
}
