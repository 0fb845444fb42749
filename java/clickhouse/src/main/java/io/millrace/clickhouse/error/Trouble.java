package io.millrace.clickhouse.error;

/** Why a server did not do what it was asked, and what that means for asking again. */
public enum Trouble {
  /** The way to the server, or from it to another, is interrupted. */
  NETWORK(Outlook.PASSES, "check that the server runs and can be reached"),
  /** The server or the user's share of it is used up for the moment. */
  LOAD(Outlook.PASSES, "give the server more room, or its other clients less"),
  /** A disk is full. */
  SPACE(Outlook.PASSES, "free or add disk space"),
  /** Keeper or the other replicas are missing, so that nothing can be written safely. */
  COORDINATION(Outlook.PASSES, "check Keeper and the replicas of the shard"),
  /** The server starts, stops, or changes the table right now. */
  CHANGE(Outlook.PASSES, "wait until the server has started, or the table's change is over"),

  /** The table is not the one that the rows are for. */
  TABLE(Outlook.STAYS, "compare with 'millrace schema diff', mend with 'millrace schema apply'"),
  /** A column does not take the values. */
  VALUES(Outlook.STAYS, "compare the types and constraints of its columns with the domain's"),
  /** The user is unknown or may not do this. */
  ACCESS(Outlook.STAYS, "check the user, the password and the grants"),
  /** The server does not know or does not allow the statement or one of its settings. */
  STATEMENT(Outlook.STAYS, "check the server's version and the constraints of the user's profile"),
  /** One insert alone is over a limit. */
  LIMIT(Outlook.STAYS, "raise the limit in the user's profile, or write smaller batches"),
  /** What the server has stored is damaged or gone. */
  STORAGE(Outlook.STAYS, "repair or restore the table on the server, whose log has the reason"),

  /** Not known to this program, or of either kind. */
  UNKNOWN(Outlook.UNCERTAIN, "look the error up in the server's log");

  /** What becomes of the trouble if nobody does anything. */
  public enum Outlook {
    PASSES,
    STAYS,
    UNCERTAIN
  }

  private final Outlook outlook;
  private final String advice;

  Trouble(final Outlook outlook, final String advice) {
    this.outlook = outlook;
    this.advice = advice;
  }

  public Outlook outlook() {
    return outlook;
  }

  /** What a person can do, as an imperative clause without a full stop. */
  public String advice() {
    return advice;
  }
}
