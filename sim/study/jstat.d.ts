declare module "jstat" {
  const jstat: {
    readonly jStat: {
      readonly studentt: { inv(p: number, dof: number): number; cdf(t: number, dof: number): number };
    };
  };
  export default jstat;
}
