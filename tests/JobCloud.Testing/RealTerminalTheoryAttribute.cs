using Xunit;

namespace JobCloud.Testing;

/// <summary>A test in tmux and in a VTE window, skipped on machines without them.</summary>
public sealed class RealTerminalTheoryAttribute : TheoryAttribute
{
    public RealTerminalTheoryAttribute()
    {
        if (!RealTerminal.IsInstalled)
            Skip = "tmux, xvfb, xauth, python3-gi or gir1.2-vte-2.91 is not installed.";
    }
}
