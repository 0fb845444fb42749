#!/bin/sh
# docker-entrypoint.sh jobmanager|taskmanager|COMMAND...: stands in for Flink's own entry point and start scripts.
set -eu
case ${1:-} in
  jobmanager) main=ApplicationEntrypoint command=GET_JM_RESOURCE_PARAMS ;;
  taskmanager) main=org.apache.flink.runtime.taskexecutor.TaskManagerRunner command=GET_TM_RESOURCE_PARAMS ;;
  *) exec "$@" ;;
esac
# Flink computes its JVM's sizes from the settings: the first line is for the JVM, the second for Flink
sizes=$(java -cp "$FLINK_HOME/lib/*" org.apache.flink.runtime.util.bash.BashJavaUtils "$command" \
  --configDir "$FLINK_HOME/conf" | sed -n 's/^BASH_JAVA_UTILS_EXEC_RESULT://p')
# shellcheck disable=SC2046 # they are lists of words
exec java $(echo "$sizes" | head -n 1) \
  --add-opens=java.base/java.lang=ALL-UNNAMED \
  --add-opens=java.base/java.time=ALL-UNNAMED \
  --add-opens=java.base/java.util=ALL-UNNAMED \
  -Dlog4j2.configurationFile="$FLINK_HOME/bin/log4j2.xml" \
  -cp "$FLINK_HOME/lib/*" "$main" --configDir "$FLINK_HOME/conf" $(echo "$sizes" | tail -n +2)
