using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Text;

namespace JobCloud.Tui.FullScreen.Model.Submit;

/// <summary>How a field is filled in.</summary>
internal enum FieldKind
{
    Text,

    /// <summary>On or off; on is the text of <see cref="SubmitField.On"/>.</summary>
    Flag,

    /// <summary>One of <see cref="SubmitField.Choices"/>, or nothing.</summary>
    Choice,

    /// <summary>Several values, separated by blanks and quoted as for a shell.</summary>
    Many,
}

/// <summary>Reads a file that goes along with a job; null: it cannot be read.</summary>
/// <param name="beside">The file that names it, where relative paths start; null: the working directory.</param>
internal delegate Google.Protobuf.ByteString? ReadFile(string path, string? beside);

/// <summary>One option of <c>exec</c> and <c>mapexec</c> as a field of the form.</summary>
/// <param name="Option">Empty: the command itself.</param>
/// <param name="Label">On the screen.</param>
/// <param name="Help">One line, without a stop.</param>
/// <param name="Put">Puts one value into the request; what is wrong with it, or null.</param>
/// <param name="Get">The values that put a job's attribute there again.</param>
internal sealed record SubmitField(
    string Option,
    string Label,
    FieldKind Kind,
    string Help,
    Func<SubmitRequest, string, ReadFile, TextError?> Put,
    Func<JobSpec, IEnumerable<string>> Get
)
{
    /// <summary>The text of a flag that is set.</summary>
    public const string On = "yes";

    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Whether it says what a map's elements are.</summary>
    public bool MakesMap { get; init; }

    /// <summary>Whether only a map can have it.</summary>
    public bool OfMaps { get; init; }

    /// <summary>Shown where nothing is filled in.</summary>
    public string Default { get; init; } = "";
}
