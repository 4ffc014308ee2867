namespace JobCloud.Protocol.Notation;

/// <summary>The quoting in force at a place in a shell line.</summary>
internal enum ShellQuoting
{
    None,
    Double,
    Single,

    /// <summary>In <c>$'…'</c> (bash(1), QUOTING).</summary>
    Ansi,

    /// <summary>In the text of a here-document with an unquoted delimiter.</summary>
    HereDocument,
}
