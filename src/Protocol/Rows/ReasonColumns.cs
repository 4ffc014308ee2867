namespace JobCloud.Protocol.Rows;

/// <summary>The stored columns of a reason. The code comes first: setting it creates the
/// reason.</summary>
internal static class ReasonColumns
{
    public static IReadOnlyList<RowColumn> All { get; } =
    [
        new RowColumn<long>(
            "reason_code",
            Fold.Single,
            row => (long)(row.Reason?.Code ?? ReasonCode.None),
            (row, code) => row.Reason = code == 0 ? null : new Reason { Code = (ReasonCode)code },
            job => (long)(job.Reason?.Code ?? ReasonCode.None)
        ),
        new RowColumn<long>(
            "reason_number",
            Fold.Single,
            row => row.Reason?.Number ?? 0,
            (row, number) => row.Reason?.Number = number,
            job => job.Reason?.Number ?? 0
        ),
        new RowColumn<string>(
            "reason_text",
            Fold.Single,
            row => row.Reason?.Text ?? "",
            (row, text) => row.Reason?.Text = text,
            job => job.Reason?.Text ?? ""
        ),
    ];
}
