package io.millrace.audit;

import io.millrace.audit.Corrections.Correction;
import java.sql.SQLException;
import java.util.List;

/** Where corrections go. */
interface CorrectedTable {

  /** Inserts the new rows of corrections of one shard. */
  void insert(int shard, List<Correction> corrections) throws SQLException;

  /**
   * Deletes from a shard what these corrections supersede; returns when nobody sees it any more.
   */
  void delete(int shard, List<Correction> corrections) throws SQLException;
}
