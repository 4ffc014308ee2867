namespace JobCloud.Tui.FullScreen.Model.Detail;

/// <summary>How a row of a tab is meant.</summary>
internal enum RowKind
{
    Plain,
    Heading,

    /// <summary>A word why there is nothing.</summary>
    Absent,
    Trouble,
}

/// <summary>A row of a tab.</summary>
/// <param name="Name">At the left, muted; empty: the text begins there.</param>
/// <param name="Jid">The job that Enter goes to; 0: none.</param>
/// <param name="Copied">What is copied of it.</param>
internal sealed record DetailRow(
    string Name,
    string Text,
    RowKind Kind = RowKind.Plain,
    long Jid = 0,
    string Copied = ""
);
