// Two folders of a sample program that use each other: one in a signature, one in a body.
namespace JobCloud.Node.Tests.Structure.Cyclic.Above
{
    internal sealed class Caller
    {
        public static void Call(Below.Called called) => called.Answer();
    }
}

namespace JobCloud.Node.Tests.Structure.Cyclic.Below
{
    internal sealed class Called
    {
        public void Answer() => Above.Caller.Call(this);
    }
}
