using JobCloud.Protocol.Notation;

namespace JobCloud.Tui.FullScreen.Model.Detail;

/// <summary>The kind of a row of a tab.</summary>
internal enum RowKind
{
    Plain,
    Heading,

    /// <summary>The title of a card.</summary>
    Card,

    /// <summary>A row of a plot.</summary>
    Plot,

    /// <summary>The reason why a value is absent.</summary>
    Absent,
    Error,
}

/// <summary>A row of a tab.</summary>
/// <param name="Name">The name at the left; empty: the text starts there.</param>
/// <param name="Jid">The job that Enter opens; 0: none.</param>
/// <param name="Copied">The text to copy.</param>
internal sealed record DetailRow(
    string Name,
    string Text,
    RowKind Kind = RowKind.Plain,
    Jid Jid = default,
    string Copied = ""
);
