package io.millrace.hooks.kubernetes;

import java.util.OptionalInt;

/**
 * The sizes that the cluster was last told to have; empty for what is not installed yet.
 *
 * @param zookeeper ZooKeeper nodes
 * @param clickhouseShards ClickHouse shards
 * @param clickhouseReplicas replicas of each ClickHouse shard
 * @param keeper ClickHouse Keeper nodes
 */
public record LiveSize(
    OptionalInt zookeeper,
    OptionalInt clickhouseShards,
    OptionalInt clickhouseReplicas,
    OptionalInt keeper) {}
