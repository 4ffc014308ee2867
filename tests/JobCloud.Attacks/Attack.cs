namespace JobCloud.Attacks;

/// <summary>One attempt to get what is not allowed.</summary>
/// <param name="Name">Names it in a test and on the command line.</param>
/// <param name="Tries">What it tries, in words.</param>
/// <param name="RunAsync">Runs it; returns what it got, in words.</param>
/// <typeparam name="T">What is attacked.</typeparam>
public sealed record Attack<T>(string Name, string Tries, Func<T, Task<string>> RunAsync)
{
    public override string ToString() => Name;
}
