using System.Diagnostics.CodeAnalysis;

namespace JobCloud.Protocol.Text;

/// <summary>What reading a text gave: a value, or what is wrong with it and where.</summary>
public sealed record Parsed<T>
{
    private Parsed(T? value, TextError? error) => (Value, Error) = (value, error);

    public T? Value { get; }
    public TextError? Error { get; }

    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool Ok => Error is null;

    public static implicit operator Parsed<T>(T value) => new(value, null);

    public static implicit operator Parsed<T>(TextError error) => new(default, error);
}

/// <summary>One clear sentence, and the span of the text that it speaks of.</summary>
/// <param name="At">Index of the first character, 0-based, within the text.</param>
/// <param name="Length">How many characters; 0: the end of the text.</param>
/// <param name="Message">A sentence that names the bad item and says what to do.</param>
public sealed record TextError(int At, int Length, string Message);
